/* desk_parts: the pages of the desk, one list of routes a file. */
#ifndef CCFED_DESK_PARTS_H
#define CCFED_DESK_PARTS_H

#include "daemon/web/page.h"

extern const struct page_route desk_today_routes[];
extern const struct page_route desk_cases_routes[];
extern const struct page_route desk_child_routes[];
extern const struct page_route desk_child_lists_routes[];
extern const struct page_route desk_edit_routes[];
extern const struct page_route desk_files_routes[];
extern const struct page_route desk_find_routes[];
extern const struct page_route desk_emergency_routes[];
extern const struct page_route desk_help_routes[];
extern const struct page_route desk_intake_routes[];
extern const struct page_route desk_numbers_routes[];
extern const struct page_route desk_supervisor_routes[];
extern const struct page_route desk_contacts_routes[];
extern const struct page_route desk_contact_new_routes[];
extern const struct page_route desk_contact_who_routes[];
extern const struct page_route desk_merge_routes[];
extern const struct page_route desk_packet_routes[];
extern const struct page_route desk_plan_routes[];
extern const struct page_route desk_people_routes[];
extern const struct page_route desk_transition_routes[];
extern const struct page_route desk_visit_routes[];
extern const struct page_route desk_referrals_routes[];
extern const struct page_route desk_referral_new_routes[];
extern const struct page_route desk_referral_routes[];
extern const struct page_route desk_directory_routes[];
extern const struct page_route desk_service_routes[];
extern const struct page_route desk_directory_edit_routes[];
extern const struct page_route desk_collaborative_routes[];
extern const struct page_route desk_gap_routes[];
extern const struct page_route desk_meeting_routes[];
extern const struct page_route desk_practices_routes[];
extern const struct page_route desk_families_routes[];
extern const struct page_route desk_survey_routes[];
extern const struct page_route desk_directory_import_routes[];

#endif
